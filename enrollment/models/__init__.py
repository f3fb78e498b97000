from .booking import Booking
from .company import Company, CompanyMembership, Workplace
from .enrollment import Enrollment
from .place import Place, RunPartner
from .waiting import WaitingEntry

__all__ = [
    "Booking",
    "Company",
    "CompanyMembership",
    "Enrollment",
    "Place",
    "RunPartner",
    "WaitingEntry",
    "Workplace",
]
