"""The three counties of North-Middle Sweden (NUTS 2 SE31), their municipalities, and the action areas."""

# county code: (name, NUTS 3, {municipality code: name}); codes are text. Source: SCB's regional codes.
REGIONS: dict[str, tuple[str, str, dict[str, str]]] = {
    "17": (
        "Värmland",
        "SE311",
        {
            "1715": "Kil",
            "1730": "Eda",
            "1737": "Torsby",
            "1760": "Storfors",
            "1761": "Hammarö",
            "1762": "Munkfors",
            "1763": "Forshaga",
            "1764": "Grums",
            "1765": "Årjäng",
            "1766": "Sunne",
            "1780": "Karlstad",
            "1781": "Kristinehamn",
            "1782": "Filipstad",
            "1783": "Hagfors",
            "1784": "Arvika",
            "1785": "Säffle",
        },
    ),
    "20": (
        "Dalarna",
        "SE312",
        {
            "2021": "Vansbro",
            "2023": "Malung-Sälen",
            "2026": "Gagnef",
            "2029": "Leksand",
            "2031": "Rättvik",
            "2034": "Orsa",
            "2039": "Älvdalen",
            "2061": "Smedjebacken",
            "2062": "Mora",
            "2080": "Falun",
            "2081": "Borlänge",
            "2082": "Säter",
            "2083": "Hedemora",
            "2084": "Avesta",
            "2085": "Ludvika",
        },
    ),
    "21": (
        "Gävleborg",
        "SE313",
        {
            "2101": "Ockelbo",
            "2104": "Hofors",
            "2121": "Ovanåker",
            "2132": "Nordanstig",
            "2161": "Ljusdal",
            "2180": "Gävle",
            "2181": "Sandviken",
            "2182": "Söderhamn",
            "2183": "Bollnäs",
            "2184": "Hudiksvall",
        },
    ),
}

# number: (code = drawing and filter value, Swedish, English, cuts through the others)
ACTION_AREAS: dict[int, tuple[str, str, str, bool]] = {
    1: (
        "ladder",
        "Resurser och kapacitet för innovation",
        "Innovation resources and capacity",
        False,
    ),
    2: (
        "ship",
        "Ökad närvaro i globala värdekedjor",
        "Stronger presence in global value chains",
        False,
    ),
    3: (
        "gear",
        "Stärkt omställningsförmåga i små och medelstora företag",
        "SMEs ready to change",
        False,
    ),
    4: ("hand", "Kompetens för en attraktiv industri", "Skills for an attractive industry", False),
    5: ("loop", "Grön och cirkulär industri", "Green and circular industry", True),
    6: (
        "compass",
        "Strategisk styrning och samordning",
        "Strategic steering and coordination",
        False,
    ),
}
