"""Debian's package index as rows: what this machine knows of packages, field by field."""

import glob
import subprocess
from collections import Counter
from pathlib import Path

KEY = ("package", "version", "architecture")
INTEGERS = ("installed_size", "size")
BOOLEANS = ("essential", "build_essential", "important", "protected")
DERIVED = ("id", "tags", "ratio", "sha256", "other")


class PackageIndex:
    """The rows of the index and their columns; a row is a dictionary column -> value.

    Values are str, int, bool, bytes, list, dict or None. `ratio` is the text of a number whose
    digits all count. Fields that few packages have are members of the column `other`.
    """

    def __init__(self, packages_max=None):
        records, self.duplicates = _unique(_all_records())
        if packages_max:
            records = records[:packages_max]
        counts = Counter(name for record in records for name in record)
        common = [name for name, count in counts.items() if count * 200 >= len(records)]
        special = {*KEY, "tag", "sha256", *BOOLEANS}
        texts = sorted(name for name in common if name not in special and name not in INTEGERS)
        self.fields = set(counts)
        self.columns = ["id", *KEY, *INTEGERS, *BOOLEANS, "tags", "ratio", "sha256", *texts,
                        "other"]
        self.rows = {}
        for record in records:
            row = self._row(record)
            self.rows[row["id"]] = row

    def _row(self, record):
        row = {column: record.get(column) for column in self.columns}
        row["id"] = "_".join(record[name] for name in KEY)
        for column in INTEGERS:
            row[column] = None if row[column] is None else int(row[column])
        for column in BOOLEANS:
            row[column] = None if row[column] is None else row[column] == "yes"
        tag = record.get("tag")
        row["tags"] = None if tag is None else [word.strip() for word in tag.split(",")]
        sizes = (row["size"], row["installed_size"])
        row["ratio"] = f"{sizes[0] / sizes[1] / 1024:.4f}" if all(sizes) else None
        row["sha256"] = bytes.fromhex(record["sha256"]) if "sha256" in record else None
        row["other"] = {name: value for name, value in sorted(record.items())
                        if name not in row and name != "tag"}
        return row


def _all_records():
    """apt's index; without one the downloaded lists; and what is installed (with long texts)."""
    text = _output(["apt-cache", "dumpavail"])
    if not text:
        for path in sorted(glob.glob("/var/lib/apt/lists/*_Packages*")):
            text += _output(["/usr/lib/apt/apt-helper", "cat-file", path]) + "\n\n"
    descriptions = _long_descriptions()
    status = Path("/var/lib/dpkg/status")
    installed = status.read_text("utf-8", "replace") if status.exists() else ""
    yield from _records(installed, descriptions)
    yield from _records(text, descriptions)


def _long_descriptions():
    """MD5 of a description -> the same in full, in every language that was downloaded."""
    descriptions = {}
    for path in sorted(glob.glob("/var/lib/apt/lists/*_Translation-*")):
        text = _output(["/usr/lib/apt/apt-helper", "cat-file", path])
        for record in _records(text, {}):
            for name, value in record.items():
                if name.startswith("description_") and name != "description_md5":
                    found = descriptions.setdefault(record.get("description_md5"), {})
                    found[name] = value
    return descriptions


def _records(text, descriptions):
    for paragraph in text.split("\n\n"):
        record, name = {}, None
        for line in paragraph.split("\n"):
            if line[:1] in (" ", "\t") and name:
                record[name] += "\n" + line[1:]
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.lower().replace("-", "_")
                record[name] = value.strip()
        if not record:
            continue
        for language, value in descriptions.get(record.get("description_md5"), {}).items():
            record[language] = value
        yield record


def _unique(records):
    found, duplicates = {}, 0
    for record in records:
        if any(name not in record for name in KEY):
            continue
        key = tuple(record[name] for name in KEY)
        if key in found:
            # What is installed has the long description, the index has sizes and hashes.
            found[key] = {**record, **found[key]}
            duplicates += 1
        else:
            found[key] = record
    return list(found.values()), duplicates


def _output(command):
    try:
        result = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        return ""
    return result.stdout.decode("utf-8", "replace")
