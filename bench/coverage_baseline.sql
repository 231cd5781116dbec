-- What the coverage dashboard shows, citywide, in one statement written by hand: the measure for
-- the dashboard's server time. Parameters: on (date). Rules as by default: functional Party
-- organisations do not count, dormant associations do.
--
-- Rows: (part, key, active, covered, served, work covered, due, too few, without members, unknown)
-- for the totals and every dimension; (month, day, active, covered) for the last 24 months;
-- (instructors, , people, assignments, most) for the instructors.
WITH covering AS (
    SELECT c.association_id, c.valid_from, least(c.valid_until, p.dissolved_on) AS valid_until
    FROM organizations_coverage c
    JOIN organizations_partyorganization p ON p.id = c.party_organization_id
    WHERE p.nature = 'entity'
),
days AS (
    SELECT array_agg(least(%(on)s::date, day) ORDER BY day) AS days
    FROM (
        SELECT (month + interval '1 month' - interval '1 day')::date AS day
        FROM generate_series(
            date_trunc('month', %(on)s::date) - interval '23 months',
            date_trunc('month', %(on)s::date),
            interval '1 month'
        ) AS month
    ) ends
),
facts AS (
    SELECT
        CASE
            WHEN a.level = 'city' OR d.kind = 'city' THEN 0
            WHEN d.kind IN ('street', 'town', 'township') THEN d.parent_id
            ELSE a.division_id
        END AS county,
        a.level, a.industry_department_id, a.registration_type, a.kind, a.no_party_reason,
        a.party_members,
        a.id IN (
            SELECT association_id FROM covering
            WHERE valid_from <= %(on)s AND (valid_until IS NULL OR valid_until > %(on)s)
        ) AS covered,
        a.id IN (
            SELECT association_id FROM organizations_assignment
            WHERE assigned_on <= %(on)s AND (ended_on IS NULL OR ended_on > %(on)s)
        ) AS served
    FROM organizations_association a
    LEFT JOIN organizations_division d ON d.id = a.division_id
    WHERE (a.registered_on IS NULL OR a.registered_on <= %(on)s)
        AND (a.ended_on IS NULL OR a.ended_on > %(on)s)
),
tallies AS (
    SELECT
        GROUPING(county, level, industry_department_id, registration_type, kind, no_party_reason)
            AS part,
        coalesce(
            county::text, level, industry_department_id::text, registration_type, kind,
            no_party_reason
        ) AS key,
        count(*) AS active,
        count(*) FILTER (WHERE covered) AS covered,
        count(*) FILTER (WHERE served) AS served,
        count(*) FILTER (WHERE covered OR served) AS work_covered,
        count(*) FILTER (WHERE NOT covered AND party_members >= 3) AS due,
        count(*) FILTER (WHERE NOT covered AND party_members IN (1, 2)) AS too_few,
        count(*) FILTER (WHERE NOT covered AND party_members = 0) AS without_members,
        count(*) FILTER (WHERE NOT covered AND party_members IS NULL) AS members_unknown
    FROM facts
    GROUP BY GROUPING SETS (
        (), (county), (level), (industry_department_id), (registration_type), (kind),
        (no_party_reason)
    )
),
-- One bit a month: whether a validity holds on the month's last day.
registered AS (
    SELECT id,
        (1 << greatest(
            coalesce(width_bucket(registered_on - 1, days), 0),
            coalesce(width_bucket(ended_on - 1, days), 24)
        )) - (1 << coalesce(width_bucket(registered_on - 1, days), 0)) AS months
    FROM organizations_association, days
),
covered AS (
    SELECT association_id,
        bit_or(
            (1 << greatest(
                width_bucket(valid_from - 1, days), coalesce(width_bucket(valid_until - 1, days), 24)
            )) - (1 << width_bucket(valid_from - 1, days))
        ) AS months
    FROM covering, days
    GROUP BY association_id
),
histories AS (
    SELECT r.months AS active, r.months & coalesce(c.months, 0) AS covered, count(*) AS number
    FROM registered r
    LEFT JOIN covered c ON c.association_id = r.id
    GROUP BY 1, 2
),
trend AS (
    SELECT
        day,
        sum(number) FILTER (WHERE active & (1 << (place - 1)::int) <> 0) AS active,
        sum(number) FILTER (WHERE covered & (1 << (place - 1)::int) <> 0) AS covered
    FROM histories, days, unnest(days) WITH ORDINALITY AS month (day, place)
    GROUP BY day
),
loads AS (
    SELECT instructor_id, count(DISTINCT association_id) AS load
    FROM organizations_assignment
    WHERE assigned_on <= %(on)s AND (ended_on IS NULL OR ended_on > %(on)s)
        AND association_id IN (
            SELECT id FROM organizations_association
            WHERE (registered_on IS NULL OR registered_on <= %(on)s)
                AND (ended_on IS NULL OR ended_on > %(on)s)
        )
    GROUP BY instructor_id
)
SELECT part::text, key, active, covered, served, work_covered, due, too_few, without_members,
    members_unknown
FROM tallies
UNION ALL
SELECT 'month', day::text, active, covered, NULL, NULL, NULL, NULL, NULL, NULL FROM trend
UNION ALL
SELECT 'instructors', NULL, count(*), sum(load), max(load), NULL, NULL, NULL, NULL, NULL FROM loads
