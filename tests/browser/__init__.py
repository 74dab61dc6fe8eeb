"""Briefings, looked at in Chromium as their reader would."""
