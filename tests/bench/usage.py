"""What a process under measurement has taken so far, as the kernel counts it."""
import os
import pathlib
import re


def cpu_s(process_id):
    """Of all its threads, user and system; a tick is ten milliseconds."""
    fields = pathlib.Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_ms(process_id):
    return 1000 * cpu_s(process_id)


def memory_mb(process_id, name="VmRSS"):
    """VmRSS: now; VmHWM: the most there has been."""
    status = pathlib.Path(f"/proc/{process_id}/status").read_text()
    return int(re.search(name + r":\s+(\d+)", status)[1]) / 1024
