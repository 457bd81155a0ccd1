"""What `make bench` measures: ratios against others in one run, and what grows with size."""
