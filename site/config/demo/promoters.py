"""The eight business promoters and the rooms they teach in. Real names as text, invented numbers."""

from config.bilingual import Both
from home.models import Municipality, Promoter, Region

DOMAIN = "focusindustri.example.org"
PHONE = "010-000 00 00"
Kind = Promoter.Kind

# slug: (name, kind, county codes, invented number, mailbox, role)
PROMOTERS = {
    "iuc": (
        "IUC",
        Kind.IUC,
        ("20", "21", "17"),
        "4220001004",
        "kurs.dalarna",
        Both(
            "Nära verkstadsgolvet: behovsanalys, coachning och kurser.",
            "Close to the shop floor: needs analysis, coaching, courses.",
        ),
    ),
    "dalarna-science-park": (
        "Dalarna Science Park",
        Kind.SCIENCE_PARK,
        ("20",),
        "4231373111",
        "kurs.dalarna",
        Both(
            "Samordnar projektet och driver innovationsprocesser.",
            "Coordinates and runs innovation processes.",
        ),
    ),
    "paper-province": (
        "Paper Province",
        Kind.CLUSTER,
        ("17", "20"),
        "4242745224",
        "kurs.varmland",
        Both(
            "Skoglig bioekonomi och tjänsteinnovation.",
            "Forest bioeconomy and service innovation.",
        ),
    ),
    "sandbacka-science-park": (
        "Sandbacka Science Park",
        Kind.SCIENCE_PARK,
        ("21",),
        "4254117338",
        "kurs.gavleborg",
        Both(
            "Hållbar produktion och avancerad tillverkning.",
            "Sustainable production and advanced manufacturing.",
        ),
    ),
    "sustainable-steel-region": (
        "Sustainable Steel Region",
        Kind.CLUSTER,
        ("20", "21"),
        "4265489445",
        "kurs.dalarna",
        Both("Ställer om stålets värdekedja.", "Transforms the steel value chain."),
    ),
    "rise": (
        "RISE",
        Kind.INSTITUTE,
        ("17", "20", "21"),
        "4276861558",
        "kontakt",
        Both("Expertstöd och testmiljöer.", "Expert support and test beds."),
    ),
    "compare": (
        "Compare",
        Kind.CLUSTER,
        ("17",),
        "4288233663",
        "kurs.varmland",
        Both("Digital kompetens och it-partner.", "Digital skills and IT partners."),
    ),
    "fiber-optic-valley": (
        "Fiber Optic Valley",
        Kind.CLUSTER,
        ("21",),
        "4290605775",
        "kurs.gavleborg",
        Both(
            "Sensorer, fiber och uppkopplade produkter.",
            "Sensors, fibre and connected products.",
        ),
    ),
}

# By name: address and municipality.
VENUES = {
    "Tunet": ("Exempelgatan 1, Borlänge", "2081"),
    "Brukssalen": ("Exempelvägen 12, Ludvika", "2085"),
    "Sandbacka": ("Exempelallén 4, Sandviken", "2181"),
    "Fiberlabbet": ("Exempeltorget 7, Hudiksvall", "2184"),
    "Klarälvssalen": ("Exempelkajen 2, Karlstad", "1780"),
    "Glasverkstan": ("Exempelgränd 9, Arvika", "1784"),
}


def put_promoters() -> dict[str, Promoter]:
    """{slug: promoter}; those that are there keep what staff has changed."""
    regions = {region.code: region for region in Region.objects.all()}
    found = {}
    for slug, (name, kind, codes, number, mailbox, role) in PROMOTERS.items():
        promoter, made = Promoter.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "legal_name": f"{name} (exempel)",
                "registration_number": number,
                "vat_number": f"SE{number}01",
                "kind": kind,
                "role_sv": role.sv,
                "role_en": role.en,
                "email": f"{mailbox}@{DOMAIN}",
                "phone": PHONE,
                "address": "Exempelgatan 1\n000 00 Exempelstad",
            },
        )
        if made:
            promoter.regions.set([regions[code] for code in codes])
        found[slug] = promoter
    return found


def municipalities() -> dict[str, Municipality]:
    return {place.code: place for place in Municipality.objects.select_related("region")}
