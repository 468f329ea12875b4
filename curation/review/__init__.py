"""People correct the proposals in Label Studio; their readings come back as records."""

from curation.review.config import label_config
from curation.review.connect import connect, local_folder
from curation.review.desk import Desk, Home, check_config, find_desk, open_desk
from curation.review.files import write_tasks
from curation.review.labelstudio import LabelStudio
from curation.review.push import Report, foresee, push
from curation.review.server import LOOPBACK, serve
from curation.review.server import stop as stop_server

__all__ = [
    "LOOPBACK",
    "Desk",
    "Home",
    "LabelStudio",
    "Report",
    "check_config",
    "connect",
    "find_desk",
    "foresee",
    "label_config",
    "local_folder",
    "open_desk",
    "push",
    "serve",
    "stop_server",
    "write_tasks",
]
