"""How nbgrader makes the student's version: the answer becomes dots, as in the lesson."""

c = get_config()  # noqa: F821 (nbgrader defines it where it reads this file)

c.CourseDirectory.course_id = "nbgrad"
c.ClearSolutions.code_stub = {"python": "answer = ...  # a number, or a list of numbers"}
