"""A batch's life: planned, claimed, rendered, proofed, printed, posted, reprinted."""
