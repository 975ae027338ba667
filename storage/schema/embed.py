#!/usr/bin/env python3
"""Write the numbered migrations NNNN-name.sql given as arguments into one C file.

usage: embed.py OUTPUT NNNN-name.sql...

The program carries its schema inside, so that binary and schema cannot come apart. The text is
written as numbers because C99 guarantees string literals of 4095 bytes only.
"""
import pathlib
import re
import sys


def read_migrations(paths):
    migrations = []
    for path in sorted(pathlib.Path(name) for name in paths):
        match = re.fullmatch(r"(\d{4})-([a-z0-9-]+)\.sql", path.name)
        if match is None:
            sys.exit(f"{path}: a migration is named NNNN-name.sql")
        migrations.append((int(match[1]), match[2], path.read_bytes()))
    numbers = [number for number, _, _ in migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        sys.exit(f"migrations must be numbered 1, 2, 3 … without a gap, not {numbers}")
    return migrations


def c_array(name, data):
    values = [str(byte if byte < 128 else byte - 256) for byte in data + b"\0"]
    rows = [", ".join(values[i : i + 24]) for i in range(0, len(values), 24)]
    return f"static const char {name}[] = {{\n    " + ",\n    ".join(rows) + ",\n};\n"


def main(output, *paths):
    migrations = read_migrations(paths)
    parts = ['#include "storage/schema.h"\n']
    parts += [c_array(f"sql_{number:04}", data) for number, _, data in migrations]
    rows = [f'    {{{number}, "{name}", sql_{number:04}}},' for number, name, _ in migrations]
    parts.append("const struct migration schema_migrations[] = {\n" + "\n".join(rows) + "\n};\n")
    parts.append(f"const size_t schema_migration_count = {len(migrations)};\n")
    pathlib.Path(output).write_text("\n".join(parts))


main(*sys.argv[1:])
