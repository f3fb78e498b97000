"""The demo: a bilingual site, courses, companies and people, all invented. Dates are relative to today."""
