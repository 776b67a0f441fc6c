"""Small changes to the program that a test should notice."""
