#!/usr/bin/env python3
"""Build the desk and write it into one C file.

usage: build.py OUTPUT DEPFILE SOURCE WORK

SOURCE is web/desk, WORK a folder of the build. A release carries the built bundle as SOURCE/dist and needs
no Node; a checkout is built with the packages of package-lock.json, which are installed first when the lock
is newer than they are. Each file is kept plain and compressed (gzip without a name or time, so that the same
sources give the same bytes); the names of all but index.html carry a hash of their content.

The desk is served at / as well as under /desk/. Its links are relative, for a proxy may put any prefix before
them, so index.html is written twice: as it is, and as "/" with the links that hold one folder higher.
"""
import gzip
import hashlib
import pathlib
import re
import subprocess
import sys

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json", ".woff2": "font/woff2", ".png": "image/png",
}


def run(source, *words):
    done = subprocess.run(words, cwd=source, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} failed in {source}:\n{done.stdout}{done.stderr}")


def build(source, work):
    lock, installed = source / "package-lock.json", source / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run(source, "npm", "ci", "--no-audit", "--no-fund")
        installed.touch()
    run(source, "npx", "--no-install", "vite", "build", "--logLevel", "warn", "--emptyOutDir",
        "--outDir", str(work.resolve()))
    return work


def c_array(name, data):
    rows = [", ".join(str(byte) for byte in data[i:i + 32]) for i in range(0, len(data), 32)]
    return f"static const unsigned char {name}[] = {{\n    " + ",\n    ".join(rows) + ",\n};\n"


def for_root(index):
    """index.html as it must read one folder above /desk/."""
    return re.sub(rb'\b(href|src)="(\.\.?)/', lambda link: link[1] + (b'="' if link[2] == b".." else b'="desk/'), index)


def files_of(dist):
    for path in sorted(p for p in dist.rglob("*") if p.is_file()):
        yield path.relative_to(dist).as_posix(), TYPES[path.suffix], path.read_bytes()
    yield "/", TYPES[".html"], for_root((dist / "index.html").read_bytes())


def write_c(output, dist):
    parts, table = ['#include "web/server/desk_assets.h"\n'], []
    for number, (name, media_type, data) in enumerate(files_of(dist)):
        packed = gzip.compress(data, 9, mtime=0)
        parts += [c_array(f"plain_{number}", data), c_array(f"packed_{number}", packed)]
        table.append(f'    {{"{name}", "{media_type}", "\\"{hashlib.sha256(data).hexdigest()[:24]}\\"",\n'
                     f"        plain_{number}, {len(data)}, packed_{number}, {len(packed)}}},")
    parts.append("const struct desk_asset desk_assets[] = {\n" + "\n".join(table) + "\n};\n")
    parts.append(f"const size_t desk_asset_count = {len(table)};\n")
    output.write_text("\n".join(parts))


def write_depfile(depfile, output, source):
    inputs = [source / name for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json",
                                         "index.html", "src", "public")]
    inputs += (source / "src").rglob("*")
    depfile.write_text(f"{output}: " + " ".join(str(path) for path in inputs if path.exists()) + "\n")


def main():
    output, depfile, source, work = (pathlib.Path(word) for word in sys.argv[1:])
    released = source / "dist"
    write_c(output, released if released.exists() else build(source, work))
    write_depfile(depfile, output, source)


main()
