package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lists, joined and flattened fields, what files share, and the way back. */
class MappingLanguageTest {
    private final Map<String, String> files = new HashMap<>();

    @Test
    void eachItemOfAListBecomesAMapAndCanReadWhatIsAroundIt() {
        Mapping mapping = fields(
                "lines: { each: items, where: '.qty > 0', fields: { sku: { from: sku, do: [upper] }, cur: { from: ^.currency } } }");

        assertThat(apply(
                        mapping,
                        "{'currency':'EUR','items':[{'sku':'a','qty':1},{'sku':'b','qty':0},{'sku':'c','qty':2}]}"))
                .isEqualTo("{'lines':[{'sku':'A','cur':'EUR'},{'sku':'C','cur':'EUR'}]}");
        assertThat(apply(fields("tags: { each: tags, fields: { name: { from: . } } }"), "{'tags':['x','y']}"))
                .isEqualTo("{'tags':[{'name':'x'},{'name':'y'}]}");
        assertThat(apply(fields("tags: { each: tag, fields: { name: { from: n } } }"), "{'tag':{'n':1}}"))
                .isEqualTo("{'tags':[{'name':1}]}");
    }

    @Test
    void everyItemThatIsWrongIsNamedByItsPlace() {
        Mapping mapping = fields(
                "lines: { each: items, fields: { sku: { from: sku, required: true }, n: { from: n, do: [integer] } } }");

        Refused refused = catchThrowableOfType(
                Refused.class, () -> apply(mapping, "{'items':[{'sku':'a'},{'n':'x'},{'sku':'b','n':'1.5'}]}"));

        assertThat(refused.problems())
                .extracting(FieldProblem::toString)
                .containsExactly(
                        "lines.1.sku: sku is missing",
                        "lines.1.n: n \"***\" is not a number; digits with a point for decimals are expected",
                        "lines.2.n: n \"1***\" is not a whole number");
    }

    @Test
    void listsInListsReachOutwardAsFarAsTheyNeed() {
        Mapping mapping = fields(
                "a: { each: x, fields: { b: { each: y, fields: { c: { from: ^.^.top }, d: { from: ^.mid }, e: { from: in } } } } }");

        assertThat(apply(mapping, "{'top':1,'x':[{'mid':2,'y':[{'in':3}]}]}"))
                .isEqualTo("{'a':[{'b':[{'c':1,'d':2,'e':3}]}]}");
        assertThat(mapping.explain(json("{'top':1,'x':[{'mid':2,'y':[{'in':3}]}]}")))
                .extracting(Explained::field)
                .containsExactly("a.0.b.0.c", "a.0.b.0.d", "a.0.b.0.e");
    }

    @Test
    void fieldsAreJoinedWithoutGaps() {
        assertThat(apply(fields("n: { concat: [first, middle, last] }"), "{'first':'Ada ','last':'Lovelace'}"))
                .isEqualTo("{'n':'Ada Lovelace'}");
        assertThat(apply(fields("n: { concat: [a, b], separator: '; ' }"), "{'a':['x','y',null],'b':7}"))
                .isEqualTo("{'n':'x; y; 7'}");
        assertThatThrownBy(() -> apply(fields("n: { concat: [a, d], required: true }"), "{}"))
                .hasMessageContaining("n: a, d are all missing");
    }

    @Test
    void aNestedMapBecomesAFlatOne() {
        Mapping mapping = fields("custom: { flatten: p, except: [email] }");

        assertThat(apply(
                        mapping,
                        "{'p':{'email':'x','shoe':{'size':42,'colour':null},'tags':['a'],'pets':[{'name':'Rex'}]}}"))
                .isEqualTo("{'custom':{'shoe_size':42,'tags':['a'],'pets_0_name':'Rex'}}");
        assertThat(apply(fields("custom: { flatten: [q, p] }"), "{'p':{'a':{'b':1}}}"))
                .isEqualTo("{'custom':{'a_b':1}}");
        assertThat(apply(fields("custom: { flatten: ., separator: '-' }"), "{'a':{'b':1}}"))
                .isEqualTo("{'custom':{'a-b':1}}");
    }

    @Test
    void aTableIsSharedByItsName() {
        files.put("crm/tables/stage.yaml", "table: crm/stage\nentries: { L: lead, C: customer }\nunknown: pass\n");
        assertThat(apply(fields("s: { from: s, table: crm/stage }"), "{'s':'L'}"))
                .isEqualTo("{'s':'lead'}");
        assertThat(apply(fields("s: { from: s, table: crm/stage }"), "{'s':'Q'}"))
                .isEqualTo("{'s':'Q'}");

        files.put("crm/tables/stage.yaml", "table: crm/stag\nentries: { L: [lead] }\n");
        assertThatThrownBy(() -> fields("s: { from: s, table: crm/stage }"))
                .hasMessageContaining("mappings/crm/tables/stage.yaml:1:1: the file holds table \"crm/stag\"")
                .hasMessageContaining("mappings/crm/tables/stage.yaml:2:");
    }

    @Test
    void aMappingTakesOverTheFieldsOfAnotherWithItsOwnFirst() {
        files.put("shared/address.yaml", """
                mapping: shared/address
                from: any
                parameters: { country: { default: US, description: C. } }
                fields:
                  city: { from: city, do: [squeeze] }
                  country: { from: country, do: [country], default: "{country}" }
                tests: [ { name: t, given: { city: Rome }, expect: { country: US } } ]
                """);
        String include = "include:\n  - { mapping: shared/address, from: bill, to: billing, with: { country: DE } }\n"
                + "  - { mapping: shared/address, from: ship, to: shipping }\n";

        Mapping mapping = read(include + "fields: { id: { from: id }, shipping.city: { value: Home } }");

        assertThat(apply(mapping, "{'id':1,'bill':{'city':' Bonn '},'ship':{'city':'Rome','country':'Italy'}}"))
                .isEqualTo(
                        "{'billing':{'city':'Bonn','country':'DE'},'shipping':{'city':'Home','country':'IT'},'id':1}");
        assertThat(mapping.apply(json("{'id':1,'ship':{'city':'x'}}"), Map.of("country", "FR"))
                        .at("/shipping/country")
                        .asText())
                .isEqualTo("FR");
        assertThatThrownBy(() -> read(
                        "include: [ { mapping: shared/address, with: { contry: DE } } ]\nfields: { id: { from: id } }"))
                .hasMessageContaining("\"contry\" is not a parameter of shared/address; did you mean \"country\"?");
    }

    @Test
    void aRecordOfOnesOwnIsASchemaBesideTheMappings() {
        files.put("gym/records/visit.schema.json", """
                {"type": "object", "required": ["member"], "additionalProperties": false,
                 "properties": {"member": {"type": "string", "pattern": "^(a+)+$"}, "at": {"type": "string", "format": "date-time"}}}
                """);
        Mapping mapping = read("to: gym/visit\nfields: { member: { from: m }, at: { from: at } }");

        assertThat(apply(mapping, "{'m':'aaa'}")).isEqualTo("{'member':'aaa'}");
        assertThatThrownBy(() -> apply(mapping, "{'m':'" + "a".repeat(40) + "!','at':'noon'}"))
                .hasMessageContaining("at: \"noon\" must be a time such as 2026-01-31T12:00:00Z; add do: [timestamp]")
                .hasMessageContaining("member: ");
        assertThatThrownBy(() -> read("to: gym/visit\nfields: { member: { from: m }, att: { from: at } }"))
                .hasMessageContaining("\"att\" is not a field of gym/visit; did you mean \"at\"?");
    }

    @Test
    void aRecordThatIsNotWhatItsSchemaSaysIsRefusedBeforeItIsMapped() {
        files.put("gym/records/visit.schema.json", """
                {"type": "object", "required": ["member"],
                 "properties": {"member": {"type": "string", "x-personal": true}, "kg": {"type": "number"}}}
                """);
        Mapping mapping =
                Mapping.parse("f", "mapping: x/y\nfrom: gym/visit\nfields: { m: { from: member } }\n", surroundings());

        assertThat(apply(mapping, "{'member':'Ada','kg':7}")).isEqualTo("{'m':'Ada'}");
        Refused refused = catchThrowableOfType(Refused.class, () -> apply(mapping, "{'member':true,'kg':'x'}"));
        assertThat(refused.problems())
                .extracting(FieldProblem::toString)
                .containsExactlyInAnyOrder("member: \"***\" must be text", "kg: \"x\" must be a number");
    }

    @Test
    void aFileLeadsBothWays() {
        Mapping there = read("""
                reverse: x/back
                fields:
                  email:    { from: [props.email, mail], do: [trim, lower, email] }
                  tags:     { from: tags, do: [split], separator: ";" }
                  stage:    { from: stage, table: { MQL: marketing, L: lead, LEAD: lead }, back: { lead: LEAD }, unknown: { default: other } }
                  born:     { from: born, do: [date], format: MM/dd/yyyy }
                  currency: { from: cur, do: [currency] }
                  total:    { from: cents, do: [major_units], currency: cur }
                  id:       { from: id, do: [string] }
                  ids.crm:  { from: id, do: [string] }
                  source:   { value: crm }
                  hash:     { from: mail, do: [md5], one_way: true }
                """);
        Mapping back = there.reversed().orElseThrow();

        assertThat(back.name()).isEqualTo("x/back");
        JsonNode result =
                there.apply(json("{'props':{'email':' A@B.example '},'tags':'a;b','stage':'L','born':'02/01/2000',"
                        + "'cur':'eur','cents':1050,'id':7}"));
        assertThat(apply(back, result.toString()))
                .isEqualTo(
                        "{'props':{'email':'a@b.example'},'tags':'a;b','stage':'LEAD','born':'02/01/2000','cur':'EUR',"
                                + "'cents':1050,'id':'7'}");
        assertThat(apply(back, "{'stage':'other','id':'8'}")).isEqualTo("{'id':'8'}");
    }

    @Test
    void anIncludedTableWithSeveralWaysBackMustBeDecidedToo() {
        files.put("x/stage-to-stage.yaml", """
                mapping: x/stage-to-stage
                from: any
                fields: { stage: { from: s, table: { a: lead, b: lead } } }
                tests: [ { name: t, given: { s: a }, expect: { stage: lead } } ]
                """);
        String file = "reverse: x/back\ninclude: [ { mapping: x/stage-to-stage%s } ]\nfields: { id: { from: id } }\n";

        assertThatThrownBy(() -> read(file.formatted("")))
                .hasMessageContaining("\"lead\" of stage is what several values become: a, b of x/stage-to-stage;"
                        + " add one_way: true here, or the field itself with back:");
        assertThat(apply(read(file.formatted(", one_way: true")).reversed().orElseThrow(), "{'id':1,'stage':'lead'}"))
                .isEqualTo("{'id':1}");
    }

    @Test
    void aVendorsOwnDecimalsCountOnBothWays() {
        files.put("x/tables/decimals.yaml", "table: x/decimals\nentries: { ISK: 2, MGA: 0 }\n");
        for (String decimals : List.of("x/decimals", "{ ISK: 2, MGA: 0 }")) {
            Mapping there = read("reverse: x/back\nfields:\n  currency: { from: cur }\n"
                    + "  total: { from: cents, do: [major_units], currency: cur, decimals: " + decimals + " }\n");
            Mapping back = there.reversed().orElseThrow();

            assertThat(apply(there, "{'cur':'isk','cents':150000}")).isEqualTo("{'currency':'isk','total':1500.00}");
            assertThat(apply(there, "{'cur':'MGA','cents':5000}")).isEqualTo("{'currency':'MGA','total':5000}");
            assertThat(apply(there, "{'cur':'EUR','cents':5000}")).isEqualTo("{'currency':'EUR','total':50.00}");
            assertThat(apply(back, "{'currency':'ISK','total':1500}")).isEqualTo("{'cur':'ISK','cents':150000}");
        }
    }

    @Test
    void aListLeadsBackItemByItemWithoutWhatLeadsNowhere() {
        Mapping there = read("""
                reverse: x/back
                fields:
                  lines:
                    each: order.items
                    fields:
                      sku:    { from: article, do: [upper] }
                      count:  { from: n, do: [number] }
                      source: { value: shop }
                      hash:   { from: article, do: [md5], one_way: true }
                      parts:  { each: parts, fields: { name: { from: label } } }
                tests:
                  - name: there and back
                    given:  { order: { items: [ { article: a1, n: "2", parts: [ { label: x } ] }, { article: b } ] } }
                    expect: { lines: [ { sku: A1, count: 2, parts: [ { name: x } ] }, { sku: B } ] }
                """);

        assertThat(there.test()).allMatch(TestResult::passed);
        assertThat(apply(
                        there.reversed().orElseThrow(),
                        "{'lines':[{'sku':'A1','hash':'h','parts':[{'name':'x'}]},{'sku':'B'}]}"))
                .isEqualTo("{'order':{'items':[{'article':'A1','parts':[{'label':'x'}]},{'article':'B'}]}}");
    }

    @Test
    void anIncludedPartLeadsBackToWhereItWasReadWithWhatItWasGiven() {
        files.put("x/price-to-price.yaml", """
                mapping: x/price-to-price
                from: any
                parameters: { currency: { default: EUR, description: C. } }
                fields: { amount: { from: cents, do: [major_units], currency: currency } }
                tests: [ { name: t, given: { cents: 100 }, expect: { amount: 1 } } ]
                """);
        Mapping there = read("""
                reverse: x/back
                include: [ { mapping: x/price-to-price, from: net, to: price, with: { currency: JPY } } ]
                fields: { id: { from: id } }
                """);

        assertThat(apply(there, "{'id':'7','net':{'cents':500}}")).isEqualTo("{'price':{'amount':500},'id':'7'}");
        assertThat(apply(there.reversed().orElseThrow(), "{'price':{'amount':500},'id':'7'}"))
                .isEqualTo("{'net':{'cents':500},'id':'7'}");
    }

    @Test
    void aConditionLeadsBackWhereWhatItLooksAtDoes() {
        Mapping there = read("""
                reverse: x/back
                fields:
                  kind:   { from: type }
                  vat_id: { from: vat, when: .type == "company" }
                """);
        Mapping back = there.reversed().orElseThrow();

        String company = "{'kind':'company','vat_id':'DE1'}";
        assertThat(apply(back, company)).isEqualTo("{'type':'company','vat':'DE1'}");
        assertThat(apply(there, apply(back, company))).isEqualTo(company);
        assertThat(apply(back, "{'kind':'person'}")).isEqualTo("{'type':'person'}");
    }

    @Test
    void whatIsSaidToBeOneWayHasNoPartInTheWayBack() {
        Mapping there = read("reverse: x/back\nfields: { a: { from: a, one_way: true }, b: { from: a } }\n");

        assertThat(apply(there.reversed().orElseThrow(), "{'a':'1','b':'2'}")).isEqualTo("{'a':'2'}");
    }

    private Mapping fields(String fields) {
        return read("fields:\n  " + fields);
    }

    private Mapping read(String rest) {
        String yaml = "mapping: x/y\nfrom: any\n" + rest;
        return Mapping.parse("f", yaml, surroundings());
    }

    private Surroundings surroundings() {
        return new Surroundings() {
            @Override
            public Optional<String> setting(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<String> file(String path) {
                return Optional.ofNullable(files.get(path));
            }
        };
    }

    private static String apply(Mapping mapping, String json) {
        return mapping.apply(json(json)).toString().replace('"', '\'');
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void aNameMayHoldADot() {
        Mapping mapping =
                fields("customerid_contact@odata\\.bind: { from: owner@odata\\.id }\n  a.b\\.c.d: { from: n }");

        assertThat(apply(mapping, "{'owner@odata.id':'/contacts(1)','n':1}"))
                .isEqualTo("{'customerid_contact@odata.bind':'/contacts(1)','a':{'b.c':{'d':1}}}");
    }
}
