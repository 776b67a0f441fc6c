"""What checks need of the files as their authors wrote them: what they say, and where they say it."""
