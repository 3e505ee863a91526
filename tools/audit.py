"""Check the packages of `constraints.txt` against PyPI's list of known vulnerabilities.

Exits with 1 if a package is vulnerable. If this program cannot look up a package, for example
without access to PyPI, it reports the package as not checked. This does not affect the exit code.
`pip-audit` alone would report such a package as free of vulnerabilities.
"""

import json
import subprocess
import sys
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
#: `constraints.txt` pins every package, so pip-audit need not resolve dependencies.
PIP_AUDIT = ("pip_audit", "--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")


def main() -> int:
    """Run pip-audit and print its result; return the exit code."""
    process = subprocess.run(
        [sys.executable, "-m", *PIP_AUDIT, "--requirement", str(CONSTRAINTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if not process.stdout:
        print("audit: NOT CHECKED:", process.stderr.strip().rsplit("\n", 1)[-1])
        return 0
    packages = json.loads(process.stdout)["dependencies"]
    skipped = [package["skip_reason"] for package in packages if "skip_reason" in package]
    vulnerabilities = [
        f"{package['name']} {package['version']} has {vulnerability['id']}, fixed in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    for line in vulnerabilities:
        print("audit:", line)
    if skipped:
        print(f"audit: NOT CHECKED: {len(skipped)} of {len(packages)} packages: {skipped[0]}")
    elif not vulnerabilities:
        print(f"audit: {len(packages)} packages, no known vulnerability")
    return 1 if vulnerabilities else 0


if __name__ == "__main__":
    sys.exit(main())
