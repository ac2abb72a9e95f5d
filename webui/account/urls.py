"""Every URL of accounts and of the reader's own settings."""

from flask import Blueprint

from webui.account import language, sign_in

group = Blueprint("account", __name__, url_prefix="/account")

group.add_url_rule("/sign-in", "sign_in", sign_in.show)
group.add_url_rule("/sign-in", "open_session", sign_in.open_session, methods=["POST"])
group.add_url_rule("/demo", "demo", sign_in.open_demo_session, methods=["POST"])
group.add_url_rule("/sign-out", "sign_out", sign_in.sign_out, methods=["POST"])
group.add_url_rule("/language", "language", language.choose, methods=["POST"])
