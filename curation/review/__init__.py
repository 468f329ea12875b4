"""People correct the proposals in Label Studio; their readings come back as records."""

from curation.review.config import label_config
from curation.review.connect import connect, local_folder
from curation.review.desk import Desk, Home, check_config, find_desk, open_desk
from curation.review.exports import read_export
from curation.review.files import write_tasks
from curation.review.labelstudio import LabelStudio
from curation.review.order import queue
from curation.review.pull import pull
from curation.review.push import foresee, push
from curation.review.reviewer import post_readings
from curation.review.server import LOOPBACK, serve
from curation.review.server import stop as stop_server
from curation.review.state import Pushed
from curation.review.status import status

__all__ = [
    "LOOPBACK",
    "Desk",
    "Home",
    "LabelStudio",
    "Pushed",
    "check_config",
    "connect",
    "find_desk",
    "foresee",
    "label_config",
    "local_folder",
    "open_desk",
    "post_readings",
    "pull",
    "push",
    "queue",
    "read_export",
    "serve",
    "status",
    "stop_server",
    "write_tasks",
]
