"""Keeps the checked data in the wheel, so that an installed package need not check it at its first start."""

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SnapshotHook(BuildHookInterface[Any]):
    """Writes ``data/snapshot.bin``. Without the service's packages the wheel goes without it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before the files are collected."""
        command = [sys.executable, "-m", "service", "data", "snapshot"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            self.app.display_warning(f"the wheel goes without the checked data: {done.stderr[-200:]}")
