def trim: sub("^\\s+"; "") | sub("\\s+$"; "");
{id: (.id | tostring), source: "crm", email: (.properties.email | trim | ascii_downcase), first_name: (.properties.firstname | trim),
 last_name: (.properties.lastname | trim), company: (.properties.company | trim | gsub(" +"; " ")), title: (.properties.title | trim),
 phone: (.properties.phone | e164), country: (if .properties.country == "United States" then "US" else .properties.country end),
 language: (.properties.language | sub("_"; "-")), city: (.properties.city | trim), zip: (.properties.zip | trim),
 plan: (.properties.plan | ascii_downcase), opted_in: (.properties.newsletter == "yes"),
 status: (if .status == "MQL" then "marketing" elif .status == "SQL" then "sales" else "lead" end), score: (.score | tonumber),
 owner_email: (.owner.email | ascii_downcase), created_at: (.createdAt | sub("\\.[0-9]+Z$"; "Z")), updated_at: .updatedAt}
 + (if .properties.plan == "enterprise" then {vip: true} else {} end)
