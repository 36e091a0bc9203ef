"""The version of this release, said once: the package, the wheel and every provenance file read it here."""

__version__ = "0.1.0"
