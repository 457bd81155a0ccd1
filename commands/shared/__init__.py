"""What several commands need: arguments, campaign, database, name, output and refusals."""
