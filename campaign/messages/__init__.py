"""A message's life: submission, receipt, review, translation, totals."""
