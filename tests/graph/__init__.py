"""Tests of properties that any graph of the project has, however many sources it holds."""
