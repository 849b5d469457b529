"""What lasts from run to run: variables and assignments."""
