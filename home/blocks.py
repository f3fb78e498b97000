"""The shared blocks: at most eight in a body, nesting at most two, content fields only, no design controls."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail_localize.segments import StringSegmentValue

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ul", "ol"]


class Fact(blocks.StructBlock):
    label = blocks.CharBlock(label=_("label"), max_length=40)
    value = blocks.CharBlock(label=_("value"), max_length=160)
    note = blocks.CharBlock(label=_("note"), max_length=120, required=False)

    class Meta:
        icon = "list-ul"
        label = _("fact")


class Facts(blocks.StreamBlock):
    """A ruled row of facts. StreamField definition for fields that hold nothing else."""

    fact = Fact()


class Figure(blocks.StructBlock):
    """One figure as data: drawn as a bar on the server, with source and year beside it."""

    label = blocks.CharBlock(label=_("label"), max_length=80)
    value = blocks.DecimalBlock(label=_("value"), max_digits=14, decimal_places=1)
    unit = blocks.CharBlock(label=_("unit"), max_length=30, required=False)
    year = blocks.IntegerBlock(label=_("year"))
    source = blocks.CharBlock(label=_("source"), max_length=120)

    class Meta:
        icon = "table"
        label = _("figure")


class Figures(blocks.StreamBlock):
    figure = Figure()


class Text(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("text")
        template = "blocks/text.html"
        description = _("Paragraphs, subheadings, lists and links.")
        preview_value = "<p>Kurser för industrin i tre län.</p>"


class Picture(blocks.StructBlock):
    image = ImageChooserBlock(label=_("picture"))
    alt = blocks.CharBlock(label=_("what it shows"), max_length=200, required=False)
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "blocks/picture.html"
        description = _("A picture with a description and a caption.")
        preview_value = {
            "image": None,
            "alt": "",
            "caption": "Svarvning av ventilhus i Sandviken.",
        }


class Quote(blocks.StructBlock):
    quote = blocks.TextBlock(label=_("quotation"), max_length=300)
    by = blocks.CharBlock(label=_("whose role"), max_length=120)

    class Meta:
        icon = "openquote"
        label = _("quotation")
        template = "blocks/quote.html"
        description = _("A voice, by role and not by name.")
        preview_value = {
            "quote": "Vi sålde maskinen. Nu säljer vi drifttiden.",
            "by": "Servicechef, hydraultillverkare",
        }


class FactList(blocks.StructBlock):
    facts = blocks.ListBlock(Fact(), label=_("facts"))

    class Meta:
        icon = "list-ul"
        label = _("facts")
        template = "blocks/facts.html"
        description = _("Facts in ruled cells.")
        preview_value = {
            "facts": [
                {"label": "Start", "value": "tis 3 mars 2026", "note": "fyra träffar"},
                {"label": "Språk", "value": "Svenska", "note": ""},
            ]
        }


class Table(TypedTableBlock):
    def __init__(self, **kwargs):
        super().__init__([("text", blocks.CharBlock(label=_("text"), required=False))], **kwargs)

    class Meta:
        icon = "table"
        label = _("table")
        template = "blocks/table.html"
        description = _("A table with a caption and headings.")

    def get_preview_value(self):
        return self.to_python(
            {
                "columns": [{"type": "text", "heading": h} for h in ("Nivå", "Vad det betyder")],
                "rows": [{"values": ["1", "Råd på köpet"]}, {"values": ["5", "Betalt resultat"]}],
                "caption": "Tjänstestegen",
            }
        )

    def get_translatable_segments(self, value) -> list[StringSegmentValue]:
        """Caption, headings and cells; wagtail-localize knows nothing of typed tables and would leave
        them in the source's language."""
        if not value:
            return []
        segments = [StringSegmentValue("caption", value.caption or "")]
        for column, definition in enumerate(value.columns):
            segments.append(StringSegmentValue(f"heading.{column}", definition["heading"] or ""))
        for line, row in enumerate(value.row_data):
            for column, text in enumerate(row["values"]):
                segments.append(StringSegmentValue(f"cell.{line}.{column}", text or ""))
        return segments

    def restore_translated_segments(self, value, segments):
        for segment in segments:
            part, *place = segment.path.split(".")
            text = segment.render_text()
            if part == "caption":
                value.caption = text
            elif part == "heading":
                value.columns[int(place[0])]["heading"] = text
            else:
                value.row_data[int(place[0])]["values"][int(place[1])] = text
        return value


class Download(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(label=_("title"), max_length=120)

    class Meta:
        icon = "doc-full"
        label = _("file")
        template = "blocks/download.html"
        description = _("A file to download, with its format and size.")
        preview_value = {"document": None, "title": "Priskalkyl för tjänster"}


class Video(blocks.StructBlock):
    """A video that loads only after a click; captions and transcript are required (R-A11Y-03, R-GDPR-05)."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    file = DocumentChooserBlock(label=_("video file"), required=False)
    address = blocks.URLBlock(label=_("address"), required=False)
    captions = DocumentChooserBlock(label=_("captions (.vtt)"), required=False)
    transcript = blocks.TextBlock(label=_("transcript"))

    class Meta:
        icon = "media"
        label = _("video")
        template = "blocks/video.html"
        description = _("Loads only when somebody asks for it.")
        preview_value = {
            "title": "Så räknade de på drifttiden",
            "file": None,
            "address": "https://video.example.org/drifttid",
            "captions": None,
            "transcript": "Kunden betalar för att anläggningen går.",
        }


class Question(blocks.StructBlock):
    question = blocks.CharBlock(label=_("question"), max_length=160)
    answer = blocks.RichTextBlock(label=_("answer"), features=["bold", "link", "ul", "ol"])

    class Meta:
        icon = "help"
        label = _("question and answer")
        template = "blocks/question.html"
        description = _("A question that opens to show its answer.")
        preview_value = {
            "question": "Får vi byta person?",
            "answer": "<p>Ja, när som helst och utan kostnad.</p>",
        }


class Body(blocks.StreamBlock):
    text = Text(features=TEXT_FEATURES)
    picture = Picture()
    quote = Quote()
    facts = FactList()
    table = Table()
    download = Download()
    video = Video()
    question = Question()
