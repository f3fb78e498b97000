from .application import Application
from .booking import Booking
from .company import Company, CompanyMembership, Workplace
from .enrollment import Enrollment
from .needs import Needs
from .place import Place, RunPartner
from .rules import CancellationPolicy, CancellationStep, RunRules
from .team import Team
from .waiting import WaitingEntry

__all__ = [
    "Application",
    "Booking",
    "CancellationPolicy",
    "CancellationStep",
    "Company",
    "CompanyMembership",
    "Enrollment",
    "Needs",
    "Place",
    "RunPartner",
    "RunRules",
    "Team",
    "WaitingEntry",
    "Workplace",
]
