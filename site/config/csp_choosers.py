"""Wagtail's chooser fields under a strict policy.

Outside StreamField a chooser prints an inline script. This writes the same facts as data instead, for
`js/csp-init.js`. Compare with `wagtail.admin.widgets.chooser.BaseChooser` at every upgrade; a test renders
every chooser.
"""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.admin.widgets.workflows import AdminTaskChooser


def render(self: BaseChooser, name: str, value, attrs=None, renderer=None) -> SafeString:
    id_ = (attrs or {})["id"]
    value_data = self.get_value_data(value)
    is_task = isinstance(self, AdminTaskChooser)
    return format_html(
        '{}<span hidden data-csp-init="{}" data-for="{}" data-config="{}"></span>',
        self.render_html(name, value_data, attrs),
        "createTaskChooser" if is_task else self.js_constructor,
        id_,
        "null" if is_task else json.dumps(self.get_js_init_options(id_, name, value_data)),
    )


def install() -> None:
    BaseChooser.render = render
