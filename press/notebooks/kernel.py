"""Execute a notebook, with time limits that only a hang reaches."""

from nbclient import NotebookClient

QUIET = ["--log-level=ERROR"]  # each kernel would warn that it is not encrypted, though what asks it is on this machine too


def execute(notebook, folder, **options):
    """Execute a notebook in `folder`, and keep its outputs in it. Raises CellExecutionError. `options` go to nbclient.

    By itself nbclient waits for one minute for a kernel to start, and for four seconds for the outputs of a cell that has ended,
    which it then leaves out.
    """
    limits = {"timeout": 600, "startup_timeout": 300, "iopub_timeout": 300, "raise_on_iopub_timeout": True}
    plain = {"kernel_name": "python3", "record_timing": False, "coalesce_streams": True}
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, **limits, **plain | options, extra_arguments=QUIET, resources=resources).execute()
