"""The endpoints of the API: each view is a sentence."""
