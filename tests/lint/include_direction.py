#!/usr/bin/env python3
"""include_direction.py ROOT: fail on an #include that points the wrong way.

A folder includes only itself and what stands above it in FOLDERS; a library is included only in its
home; PURE folders know no clock and no I/O. Prints each offence as file:line: what is wrong.
"""
import pathlib
import re
import sys

# In the order of the way of the data; app stands before the commands, which start it.
FOLDERS = ["daemon/base", "daemon/config", "daemon/feed", "daemon/briefing", "storage", "daemon/net",
           "daemon/pipeline", "web", "daemon/app", "daemon/command", "daemon/main.c"]
PURE = {"daemon/feed", "daemon/briefing"}

# Where a library may be seen. `uv.h` is the loop's: everything from net on runs on it.
HOMES = {
    "confuse.h": {"daemon/config"},
    "curl/": {"daemon/net"},
    "gumbo.h": {"daemon/feed"},
    "iconv.h": {"daemon/feed"},
    "jansson.h": {"daemon/feed", "daemon/briefing", "web", "daemon/command"},
    "libdeflate.h": {"daemon/net"},
    "libxml/": {"daemon/feed"},
    "lz4.h": {"storage"},
    "md4c.h": {"daemon/briefing"},
    "microhttpd.h": {"web"},
    "opencc/": {"daemon/briefing"},
    "pcre2.h": {"daemon/briefing"},
    "sodium.h": {"web"},
    "sqlite3.h": {"storage"},
    "systemd/": {"daemon/net"},
    "uchardet": {"daemon/feed"},
    "utf8proc.h": {"daemon/feed", "daemon/briefing", "storage", "web"},
    "uv.h": {"daemon/net", "daemon/pipeline", "web", "daemon/app"},
    "zlib.h": {"web"},
}
# The URL API is the one part of libcurl that does no I/O.
EXCEPTIONS = {("daemon/feed/url.c", "curl/"), ("daemon/feed/url_resolve.c", "curl/")}
IMPURE = re.compile(r"\b(clock_now_\w+|clock_monotonic_\w+|fopen|open|socket|time|getenv)\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def folder_of(path):
    """The entry of FOLDERS that `path` (relative to the root) belongs to, or None."""
    for folder in FOLDERS:
        if path == folder or path.startswith(folder + "/") or path in (folder + ".c", folder + ".h"):
            return folder
    return None


def locate(root, included):
    """An include is written from daemon/ or from the root."""
    for prefix in ("daemon/", ""):
        if (root / (prefix + included)).exists():
            return prefix + included
    return None


def check_include(root, path, folder, own, library):
    if library is not None:
        for start, homes in HOMES.items():
            if library.startswith(start) and folder not in homes and (path, start) not in EXCEPTIONS:
                return f"<{library}> is at home in {', '.join(sorted(homes))} only"
        return None
    target = locate(root, own)
    if target is None:
        return f'"{own}" is not found from the root or from daemon/'
    target_folder = folder_of(target)
    if target_folder is None:
        return f"{target} belongs to no known folder"
    if FOLDERS.index(target_folder) > FOLDERS.index(folder):
        return f"{folder} must not include {target_folder}, which stands below it"
    return None


def check_file(root, path, folder):
    offences = []
    text = (root / path).read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/", lambda match: "\n" * match.group().count("\n"), text, flags=re.S)
    for number, line in enumerate(code.splitlines(), 1):
        match = INCLUDE.match(line)
        problem = check_include(root, path, folder, match[1], match[2]) if match else None
        if problem is None and folder in PURE and not match and IMPURE.search(line):
            problem = f"{folder} is pure: no clock, no I/O"
        if problem:
            offences.append(f"{path}:{number}: {problem}")
    return offences


def main(root):
    root = pathlib.Path(root)
    offences, files = [], 0
    for top in ("daemon", "storage", "web"):
        for file in sorted((root / top).rglob("*.[ch]")):
            path = file.relative_to(root).as_posix()
            if "node_modules" in path:
                continue
            files += 1
            folder = folder_of(path)
            offences += check_file(root, path, folder) if folder else [f"{path}:1: in no known folder"]
    print("\n".join(offences + [f"{files} files, {len(offences)} wrong includes"]))
    return 1 if offences or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
