"""Whether PDF can be made here. Standard library only: the bootstrap asks, too, before anything is installed."""

import ctypes
import sys

LIBRARIES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"),
}
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
COMMAND = (
    "brew install pango"
    if sys.platform == "darwin"
    else f"sudo apt-get install -y {' '.join(PACKAGES)}"
)


def missing() -> str:
    """The library that cannot be loaded, in the system's words; empty when all is well."""
    try:
        for name in LIBRARIES.get(sys.platform, ()):
            ctypes.CDLL(name)
    except OSError as error:
        return str(error)
    return ""
