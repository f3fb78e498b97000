from home.models import ActionArea, Municipality, Promoter, Region

REGIONS = {
    "17": ("Värmland", "SE311", ("1780", "Karlstad")),
    "20": ("Dalarna", "SE312", ("2085", "Ludvika")),
    "21": ("Gävleborg", "SE313", ("2181", "Sandviken")),
}


def make_region(code: str = "20") -> Region:
    name, nuts3, _municipality = REGIONS[code]
    return Region.objects.get_or_create(code=code, defaults={"name": name, "nuts3": nuts3})[0]


def make_municipality(region_code: str = "20") -> Municipality:
    code, name = REGIONS[region_code][2]
    return Municipality.objects.get_or_create(
        code=code, defaults={"name": name, "region": make_region(region_code)}
    )[0]


def make_area(number: int = 3) -> ActionArea:
    return ActionArea.objects.get_or_create(
        number=number,
        defaults={
            "code": f"area-{number}",
            "name_sv": f"Insatsområde {number}",
            "name_en": f"Action area {number}",
        },
    )[0]


def make_promoter(slug: str = "exempel", *, region_code: str = "20", **fields) -> Promoter:
    n = Promoter.objects.count() + 1
    promoter, made = Promoter.objects.get_or_create(
        slug=slug,
        defaults={
            "name": f"Exempelfrämjaren {slug}",
            "legal_name": f"Exempelfrämjaren {slug} AB",
            "registration_number": f"49{n:08d}",
            "kind": Promoter.Kind.CLUSTER,
            "role_sv": "Håller kurser",
            "role_en": "Runs courses",
            "email": f"kurs.{slug}@example.org",
            **fields,
        },
    )
    if made:
        promoter.regions.add(make_region(region_code))
    return promoter
