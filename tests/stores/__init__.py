"""Tests against stores outside this process; `docs/stores.md` says how to run them."""
