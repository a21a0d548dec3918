"""Build the optional C kernel, and put the taxonomy and the shipped model into the wheel.

Everything else is said in pyproject.toml. The kernel is optional: without a compiler the package
installs all the same and scores with its Python and NumPy paths.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
SHIPPED = ("labels.yaml", "models/default")


class BuildWithModel(build_py):
    """Copy what stands beside the package in the repository into ``tagger/shipped``."""

    def run(self) -> None:
        """Build the package, then copy."""
        super().run()
        if self.editable_mode:
            return  # a checkout reads them where they stand
        target = Path(self.build_lib) / "tagger" / "shipped"
        for name in SHIPPED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, target / name, dirs_exist_ok=True)
            elif source.is_file():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target / name)


# Free-threaded builds have no stable ABI.
limited = not sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    cmdclass={"build_py": BuildWithModel},
    ext_modules=[
        Extension(
            "tagger._kernel",
            [f"tagger/kernel/{name}.c" for name in ("module", "coordinate", "text", "chunks", "counting", "scoring")],
            depends=[f"tagger/kernel/{name}.h" for name in ("kernel", "text", "chunks")],
            define_macros=[("Py_LIMITED_API", "0x030B0000")] if limited else [],
            py_limited_api=limited,
            # Neither errno nor floating-point traps are read: without them loops with conditions vectorize.
            extra_compile_args=["-O3", "-fno-math-errno", "-fno-trapping-math"]
            if sysconfig.get_config_var("CC")
            else [],
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if limited else {},
)
