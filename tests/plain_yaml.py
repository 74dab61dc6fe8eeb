"""YAML written in two ways: with and without quotes around text that looks like something else."""

from __future__ import annotations

from typing import Any

import yaml


class PlainDumper(
    yaml.cyaml.CEmitter, yaml.representer.SafeRepresenter, yaml.resolver.BaseResolver
):
    """Writes text without quotes even where YAML would read `yes` or `32` as something else."""

    def __init__(self, stream: Any, **options: Any) -> None:
        yaml.cyaml.CEmitter.__init__(
            self,
            stream,
            width=options.get("width"),
            allow_unicode=options.get("allow_unicode"),
        )
        yaml.representer.SafeRepresenter.__init__(
            self, default_flow_style=options.get("default_flow_style"), sort_keys=False
        )
        yaml.resolver.BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class QuotingDumper(yaml.CSafeDumper):
    """Quotes what YAML would otherwise read as a number, a truth value or a date."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def text(data: Any, c: Any) -> str:
    """Plain or quoted, block or flow, as the choices c fall."""
    dumper = c.pick([PlainDumper, QuotingDumper])
    flow = c.pick([None, False])
    return yaml.dump(data, Dumper=dumper, sort_keys=False, default_flow_style=flow, width=90)
