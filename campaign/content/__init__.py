"""The editors' folder, read and checked; every fault has a file, a line and a remedy."""
