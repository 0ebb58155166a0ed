"""Workforce modelling for UK councils."""

from importlib.metadata import version

__version__ = version("wfmodel")
