"""The explorer as ipywidgets: a thin layer over a session, which holds all that is decided."""
