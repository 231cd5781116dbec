"""Who should go where: the question, its exact answer, and the proof that none is better."""
