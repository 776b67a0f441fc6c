"""Tests of the saved queries: their form, and what their parameters do."""
