from django.db import migrations

BIGRAMS = """
CREATE FUNCTION bigrams(value text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ARRAY(
    SELECT DISTINCT substr(value, place, 2)
    FROM generate_series(1, greatest(length(value) - 1, 1)) AS place
)
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(BIGRAMS, "DROP FUNCTION bigrams(text)")]
