"""All faults, in the order of the table."""
import kills  # noqa: F401
import disks  # noqa: F401
import clocks  # noqa: F401
import names  # noqa: F401
import origins  # noqa: F401
import clients  # noqa: F401
import limits  # noqa: F401
import weeks  # noqa: F401
