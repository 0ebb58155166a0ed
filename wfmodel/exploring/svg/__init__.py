"""Charts drawn by hand as SVG: a figure in about a millisecond, sharp at every width.

A chart of the reports takes a third of a second; a page of the explorer has six, and is drawn anew
whenever a lever moves.
"""
