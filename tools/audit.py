"""Look each package of `constraints.txt` up among the vulnerabilities that PyPI knows.

Fails where one is found. Where a package cannot be looked up, as on a machine that does not reach
PyPI itself, that is said and fails nothing; `pip-audit` alone would call such packages clean.
"""

import json
import subprocess
import sys
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
#: All versions are given, so that nothing has to be resolved.
AUDIT = ("pip_audit", "--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")


def main() -> int:
    """Ask, and say what is known."""
    asked = subprocess.run(
        [sys.executable, "-m", *AUDIT, "--requirement", str(CONSTRAINTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if not asked.stdout:
        print("audit: NOT CHECKED:", asked.stderr.strip().rsplit("\n", 1)[-1])
        return 0
    packages = json.loads(asked.stdout)["dependencies"]
    unknown = [package["skip_reason"] for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']} has {vulnerability['id']}, fixed in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    for each in found:
        print("audit:", each)
    if unknown:
        print(f"audit: NOT CHECKED: {len(unknown)} of {len(packages)} packages: {unknown[0]}")
    elif not found:
        print(f"audit: {len(packages)} packages, no known vulnerability")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
