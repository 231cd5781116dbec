"""The registers of this app: those that rosters fill, and lists that are exported only."""

from organizations.problems import MESSAGES
from organizations.registers.associations import AssociationRegister
from organizations.registers.attendances import AttendanceRegister
from organizations.registers.establishments import EstablishmentRegister
from organizations.registers.instructors import InstructorRegister
from organizations.registers.party import PartyOrganizationRegister
from registers import problems

__all__ = [
    "AssociationRegister",
    "AttendanceRegister",
    "EstablishmentRegister",
    "InstructorRegister",
    "PartyOrganizationRegister",
]

problems.declare(MESSAGES)
