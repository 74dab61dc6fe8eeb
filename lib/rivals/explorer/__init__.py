"""The live panel: a case that its reader can try to break, computed exactly in the page."""

from rivals.explorer.markup import Panel, explore, panel, script, script_hash

__all__ = ["Panel", "explore", "panel", "script", "script_hash"]
