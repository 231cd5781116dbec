"""What `make bench` runs: each promise about speed as a ratio taken inside one run."""
