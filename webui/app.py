"""The web application: the kit and the groups joined, nothing else."""

import threading

from flask import Flask

from engine.bootstrap import open_hall
from engine.services.hall import Hall
from webui.account.urls import group as account
from webui.admin.urls import group as admin
from webui.desk.urls import group as desk
from webui.kit import assets, errors, forms, frame, guard, i18n, limits, live, security, timing
from webui.online.urls import group as online
from webui.policy.urls import group as policy
from webui.screens.urls import group as screens
from webui.window.urls import group as window

GROUPS = (account, online, window, desk, admin, policy, screens)


def create_app(hall: Hall) -> Flask:
    """Return the application over `hall`; RuntimeError when a page is unguarded or unbuilt."""
    app = Flask(__name__)
    app.extensions["hall"] = hall
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    timing.tell(app)
    errors.catch(app)
    limits.limit(app)
    security.protect(app)
    i18n.speak(app)
    assets.serve(app)
    frame.frame(app)
    forms.draw(app)
    live.stream(app)
    for group in GROUPS:
        app.register_blueprint(group)
    bare = guard.unguarded(app)
    if bare:
        raise RuntimeError(f"put @needs(permission) or @public on {bare}")
    return app


def application() -> Flask:
    """Return the application over the hall that the settings name, for a server's worker.

    What pages need is read meanwhile: in the morning everybody comes at once.
    """
    app = create_app(open_hall())
    threading.Thread(target=_read_ahead, args=(app,), name="ahead", daemon=True).start()
    return app


def _read_ahead(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    app.extensions["hall"].read_ahead()
