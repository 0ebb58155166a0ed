"""Exploring: move a lever of a scenario and see the futures; keep a good idea as a scenario."""
