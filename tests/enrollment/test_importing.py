"""Participants from a file: every row as by the public form, and a clear word about each."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.models import User
from config.baseline import ensure_roles
from enrollment import booking, importing, merging, participant_file, places
from enrollment.models import Booking, Company, Enrollment
from enrollment.participant_file import Unreadable, decoded, lines_of
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import make_booking, make_full_run, make_open_run
from tests.home.factories import make_municipality, make_promoter, make_region

HEAD = "förnamn;efternamn;e-post"


def rows(n: int, *, head: str = HEAD) -> str:
    return "\r\n".join([head, *(f"Exempel;Person {i};p{i}@example.org" for i in range(1, n + 1))])


@pytest.mark.any_engine
@pytest.mark.parametrize(
    "text",
    [
        "förnamn;efternamn;e-post\r\nAnna;Alm;Anna@Example.org\r\n",
        "first_name,last_name,email\nAnna,Alm,anna@example.org",
        "sep=;\r\nEfternamn;E-post;Förnamn;Skostorlek\r\nAlm;anna@example.org;Anna;41\r\n;;;\r\n",
        'First name\tSurname\tE-mail\n"Anna"\t"Alm"\t" anna@example.org "\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_file_is_read_as_spreadsheets_write_it(text, encoding):
    (line,) = lines_of(decoded(text.encode(encoding)))
    assert (line.first_name, line.last_name, line.email) == ("Anna", "Alm", "anna@example.org")
    assert not line.problems


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b"\xff\xfeA\x00", "förnamn, efternamn, e-post"),
        (b"\xff\xfeA\x00B", "UTF-8"),
        ("förnamn;efternamn;e-post\nÅsa;Ek;a@example.org".encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", "textfil"),
        (b"a" * (participant_file.MOST_BYTES + 1), "1 MB"),
        (b"Anna;Alm;anna@example.org", "förnamn, efternamn, e-post"),
        (HEAD.encode(), "inga deltagare"),
        (f"{HEAD};förnamn\n".encode(), "två gånger"),
        (f'{HEAD}\nAnna;"Alm;anna@example.org\n'.encode(), "citattecken"),
        (rows(501).encode(), "500"),
        (rows(10_000).encode(), "500"),
        (f"{HEAD}\n{'x' * 200_000};b;c\n".encode(), "kan inte läsas"),
    ],
)
def test_unreadable_file_says_why(data, words):
    with pytest.raises(Unreadable) as caught:
        lines_of(decoded(data))
    assert words in caught.value.message


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("=cmd|' /C calc'!A0;Alm;a@example.org", "formel"),
        ("Anna;+46 70;a@example.org", "formel"),
        ("@SUM(1);Alm;a@example.org", "formel"),
        ("Anna;Alm;inte en adress", "ingen e-postadress"),
        ("Anna;;a@example.org", "Efternamnet"),
        ("Anna;Alm", "E-postadressen"),
        (f"{'A' * 151};Alm;a@example.org", "för långt"),
        ("Anna;Alm;a@example.org\r\nBo;Bo;A@EXAMPLE.org", "rad 2"),
    ],
)
def test_a_row_tells_what_is_wrong_with_it(row, words):
    line = lines_of(f"{HEAD}\r\n{row}")[-1]
    assert any(words in problem for problem in line.problems), line.problems


@pytest.mark.django_db
def test_preview_tells_each_row_and_writes_nothing(now):
    run = make_open_run(now=now, places_count=3)
    make_booking(now=now, run=run, person=make_user(email="inne@example.org"))
    make_municipality("21")
    text = "\n".join(
        [
            f"{HEAD};kommun;organisationsnummer;språk",
            "Anna;Alm;anna@example.org;Sandviken;492900-4119;en",
            "Bo;Ek;inne@example.org;;;",
            "Cia;Ask;cia@example.org;Atlantis;;",
            "Dan;Asp;dan@example.org;;123;",
            "Eva;Al;eva@example.org;;;finska",
            "Fia;Bok;fia@example.org;sandvikens kommun;;svenska",
            "Gun;Rönn;gun@example.org;2181;;",
        ]
    )
    before = (User.objects.count(), Booking.objects.count(), ModelLogEntry.objects.count())
    verdicts = importing.preview(run=run, lines=lines_of(text), now=now)
    assert [str(v.outcome) for v in verdicts] == [
        "added", "known", "error", "error", "error", "added", "error",
    ]  # fmt: skip
    assert "Alla platser är tagna" in verdicts[-1].words and "Atlantis" in verdicts[2].words
    assert before == (User.objects.count(), Booking.objects.count(), ModelLogEntry.objects.count())
    assert not Company.objects.exists()


@pytest.mark.django_db
def test_preview_counts_kept_places_for_their_county_only(now):
    run = make_open_run(now=now, places_count=2)
    make_municipality("20"), make_municipality("21")
    places.set_share(
        run=run,
        region=make_region("21"),
        promoter=make_promoter("medvard", region_code="21"),
        count=1,
        release_at=now + timedelta(days=5),
        actor=None,
        now=now,
    )
    text = "\n".join(
        [
            f"{HEAD};kommun",
            "A;A;a@example.org;Ludvika",
            "B;B;b@example.org;Ludvika",
            "C;C;c@example.org;Sandviken",
            "D;D;d@example.org;Sandviken",
        ]
    )
    expected = ["added", "error", "added", "error"]
    lines, actor = lines_of(text), make_user()
    assert [str(v.outcome) for v in importing.preview(run=run, lines=lines, now=now)] == expected
    done = importing.import_lines(run=run, lines=lines, actor=actor, now=now)
    assert [str(v.outcome) for v in done] == expected


@pytest.mark.django_db
def test_import_enrols_each_row_by_itself_and_twice_is_once(now):
    run, actor = make_open_run(now=now, places_count=2), make_user()
    text = f"{HEAD};organisationsnummer;företag\nAnna;Alm;anna@example.org;492900-4119;Exempel AB\n"
    text += "Bo;Ek;fel;;\nCia;Ask;cia@example.org;;\nDan;Asp;dan@example.org;556036-0793;Annat AB\n"
    done = importing.import_lines(run=run, lines=lines_of(text), actor=actor, now=now)
    assert [str(v.outcome) for v in done] == ["added", "error", "added", "error"]
    assert "Alla platser är tagna" in done[3].words
    assert not User.objects.filter(email="dan@example.org").exists()
    assert [c.name for c in Company.objects.all()] == ["Exempel AB"]
    anna = Enrollment.objects.get(person__email="anna@example.org")
    assert anna.status == Status.CONFIRMED and anna.booking.company.name == "Exempel AB"
    again = importing.import_lines(
        run=run, lines=lines_of(text), actor=actor, now=now + timedelta(minutes=1)
    )
    assert [str(v.outcome) for v in again] == ["known", "error", "known", "error"]
    assert Enrollment.objects.count() == 2
    assert OutgoingMail.objects.filter(kind="place_confirmed").count() == 2
    entry = ModelLogEntry.objects.filter(action="enrollment.import").first()
    assert entry.user == actor and "anna" not in str(entry.data)


@pytest.mark.django_db
def test_who_has_left_is_not_brought_back_by_a_file(now):
    run, actor = make_open_run(now=now), make_user()
    lines = lines_of(rows(1))
    importing.import_lines(run=run, lines=lines, actor=actor, now=now)
    booking.cancel(
        enrollment=Enrollment.objects.get(), reason=Reason.BY_PERSON, actor=actor, now=now
    )
    later = now + timedelta(minutes=1)
    (told,) = importing.preview(run=run, lines=lines, now=later)
    (verdict,) = importing.import_lines(run=run, lines=lines, actor=actor, now=later)
    assert verdict.outcome == importing.Outcome.ERROR and "för hand" in verdict.words
    assert (told.outcome, told.words) == (verdict.outcome, verdict.words)
    assert not Enrollment.objects.live().exists()


@pytest.mark.django_db
def test_a_row_of_somebody_merged_since_is_known(now):
    run, actor, keep = make_open_run(now=now), make_user(role="coordinator"), make_user()
    lines = lines_of(rows(1))
    importing.import_lines(run=run, lines=lines, actor=actor, now=now)
    gone = Enrollment.objects.get().person
    merging.merge(keep=keep, gone=gone, actor=actor, now=now)
    later = now + timedelta(minutes=1)
    (told,) = importing.preview(run=run, lines=lines, now=later)
    (verdict,) = importing.import_lines(run=run, lines=lines, actor=actor, now=later)
    assert told.outcome == verdict.outcome == importing.Outcome.KNOWN
    assert Enrollment.objects.live().count() == 1


@pytest.fixture
def staff(client, db):
    ensure_roles()
    user = make_user(role="coordinator", email="samordnare@example.org")
    client.force_login(user)
    return user


def upload(client, run, text: str | bytes, **more):
    data = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("deltagare.csv", data, content_type="text/csv")
    return client.post(reverse("enrolments:import", args=[run.code]), {"file": file, **more})


def test_file_is_looked_at_then_imported(client, staff, now):
    run = make_open_run(now=now)
    shown = upload(client, run, rows(2) + "\r\n<script>;B;fel")
    assert "2 läggs till" in shown.text and "<script>;" not in shown.text
    assert "&lt;script&gt;" in shown.text
    assert not Enrollment.objects.exists()
    address = reverse("enrolments:import", args=[run.code])
    kept = shown.context["kept"].initial["kept"]
    unticked = client.post(address, {"kept": kept})
    assert unticked.status_code == 200 and not Enrollment.objects.exists()
    assert "Fel:" in unticked.text
    for added in ("2 tillagda", "0 tillagda"):
        assert added in client.post(address, {"kept": kept, "terms": "on"}).text
    assert Enrollment.objects.confirmed().count() == 2


def test_a_changed_or_foreign_preview_is_refused(client, staff, now):
    run, other = make_open_run(now=now), make_open_run(now=now)
    kept = upload(client, run, rows(2)).context["kept"].initial["kept"]
    for address, value in ((run, kept[:-2]), (run, "x"), (other, kept)):
        response = client.post(
            reverse("enrolments:import", args=[address.code]), {"kept": value, "terms": "on"}
        )
        assert response.status_code == 409 and "Välj filen igen" in response.text
    assert not Enrollment.objects.exists()


def test_hostile_files_get_an_answer(client, staff, now):
    run = make_open_run(now=now)
    for data in (b"\x00" * 10, b"\xff" * 100, b"x" * 1_200_000, b'"' * 5000, b";" * 90_000):
        response = upload(client, run, data)
        assert response.status_code == 200 and "Fel:" in response.text
    none = client.post(reverse("enrolments:import", args=[run.code]))
    assert none.status_code == 200 and "Fel:" in none.text


def test_only_who_handles_the_run_imports(client, now, db):
    ensure_roles()
    run = make_open_run(now=now)
    client.force_login(make_user(role="promoter"))
    assert upload(client, run, rows(1)).status_code == 404


def test_command_looks_first_and_enrols_when_told(staff, now, tmp_path):
    run = make_full_run(now=now)
    places.resize(run=run, capacity=2, actor=None, now=now)
    file = tmp_path / "deltagare.csv"
    file.write_text(rows(1))
    out = io.StringIO()
    call_command("import_participants", run.code, file, actor=staff.email, stdout=out)
    assert "p1@example.org" in out.getvalue() and Enrollment.objects.count() == 1
    call_command("import_participants", run.code, file, actor=staff.email, send=True, stdout=out)
    assert Enrollment.objects.count() == 2
    file.write_text(rows(2))
    with pytest.raises(CommandError, match="1 of 2"):
        call_command(
            "import_participants", run.code, file, actor=staff.email, send=True, stdout=out
        )
    for actor, code in (("ingen@example.org", run.code), (staff.email, "finns-inte")):
        with pytest.raises(CommandError):
            call_command("import_participants", code, file, actor=actor, stdout=out)
