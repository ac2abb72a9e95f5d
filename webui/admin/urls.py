"""Every URL of the pages for those who run the hall."""

from flask import Blueprint

group = Blueprint("admin", __name__, url_prefix="/admin")
