"""The national statistics table, from the registry as of any day or from a frozen report."""
