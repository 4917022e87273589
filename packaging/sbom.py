#!/usr/bin/env python3
"""Bill of materials in CycloneDX 1.5: every package the binary is built from, with version, licence and checksum.

Reads what cargo says of the lock file; the same sources give the same document, byte by byte.
"""
import json
import os
import subprocess
import sys
import tomllib
import uuid
from datetime import datetime, timezone


def main() -> None:
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", host()]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    root = next(p for p in metadata["packages"] if p["name"] == "counterfoil")
    with open("Cargo.lock", "rb") as file:
        lock = {(p["name"], p["version"]): p.get("checksum") for p in tomllib.load(file)["package"]}
    used = reachable(root["id"], {node["id"]: node for node in metadata["resolve"]["nodes"]})
    components = [component(packages[i], lock) for i in sorted(used, key=lambda i: reference(packages[i]))]
    made_at = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), timezone.utc)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components, sort_keys=True))),
        "version": 1,
        "metadata": {"timestamp": made_at.isoformat().replace("+00:00", "Z"), "component": component(root, lock)},
        "components": components,
    }
    json.dump(document, sys.stdout, indent=2)
    print()


def host() -> str:
    version = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return next(line.split(": ")[1] for line in version.splitlines() if line.startswith("host: "))


def reachable(start: str, nodes: dict) -> set:
    """Packages that end up in the binary, or run while it is built; what only tests use is left out."""
    found, open_ids = set(), [start]
    while open_ids:
        for dependency in nodes[open_ids.pop()]["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]}
            if kinds - {"dev"} and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                open_ids.append(dependency["pkg"])
    return found


def reference(package: dict) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package: dict, lock: dict) -> dict:
    checksum = lock.get((package["name"], package["version"]))
    entry = {
        "type": "application" if package["name"] == "counterfoil" else "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
        "licenses": [{"expression": (package["license"] or "NOASSERTION").replace("/", " OR ")}],
    }
    if checksum:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return entry


if __name__ == "__main__":
    main()
