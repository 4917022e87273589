//! Names of people, trades and things. Some are long, some are foreign, some differ between the sides.

/// Name, QuickBooks type, Bill.com type, whether bills are coded to it.
pub(super) const ACCOUNTS: &[(&str, &str, &str, bool)] = &[
    ("Checking", "Bank", "3", false),
    ("Money Out Clearing", "Bank", "3", false),
    ("Money In Clearing", "Bank", "3", false),
    ("Undeposited Funds", "OtherCurrentAsset", "12", false),
    ("Accounts Receivable", "AccountsReceivable", "2", false),
    ("Accounts Payable", "AccountsPayable", "1", false),
    ("Savings", "Bank", "3", false),
    ("Sales", "Income", "9", false),
    ("Services", "Income", "9", false),
    ("Cost of Materials", "CostOfGoodsSold", "4", true),
    ("Subcontractors", "CostOfGoodsSold", "4", true),
    ("Advertising", "Expense", "7", true),
    ("Automobile", "Expense", "7", true),
    ("Bank Charges", "Expense", "7", true),
    ("Cleaning & Waste", "Expense", "7", true),
    ("Computers", "Expense", "7", true),
    ("Dues", "Expense", "7", true),
    ("Freight", "Expense", "7", true),
    ("Insurance", "Expense", "7", true),
    ("Licenses", "Expense", "7", true),
    ("Meals", "Expense", "7", true),
    ("Office Supplies", "Expense", "7", true),
    ("Postage", "Expense", "7", true),
    ("Professional Fees", "Expense", "7", true),
    ("Rent", "Expense", "7", true),
    ("Repairs", "Expense", "7", true),
    ("Telephone", "Expense", "7", true),
    ("Training", "Expense", "7", true),
    ("Travel", "Expense", "7", true),
    ("Utilities", "Expense", "7", true),
];

/// The first so many stand on both sides from the beginning: they are needed there.
pub(super) const ACCOUNTS_ON_BOTH: usize = 4;

const PLACES: &[&str] = &[
    "Adler",
    "Bayside",
    "Cooper & Sons",
    "Dunmore",
    "East Gate",
    "Fjällström",
    "Green Acres",
    "Harbor",
    "Ilse's",
    "Juniper",
    "Kubrick",
    "Lakeview",
    "Muñoz",
    "North End",
    "O'Hara",
    "Prairie",
    "Quarry Road",
    "Redwood",
    "St. Mary",
    "Tri-County",
    "Union",
    "Valley",
    "Westfield",
    "Young Bros.",
];

const TRADES: &[&str] = &[
    "Nursery",
    "Tool Rental",
    "Plumbing",
    "Electric",
    "Office Supply",
    "Fuel",
    "Insurance",
    "Printing",
    "Hardware",
    "Gravel",
    "Telephone",
    "Water",
    "Landscaping",
    "Masonry",
    "Roofing",
    "Glass",
    "Carpentry",
    "Freight",
    "Cleaning",
    "Security",
    "Bookkeeping",
    "Catering",
    "Paint",
    "Concrete",
];

const GIVEN: &[&str] = &[
    "Ada",
    "Ben",
    "Carla",
    "Deshawn",
    "Elif",
    "François",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Kofi",
    "Lena",
    "Marco",
    "Nadia",
    "Oscar",
    "Priya",
    "Quentin",
    "Rosa",
    "Samir",
    "Tove",
    "Uma",
    "Victor",
    "Wanda",
    "Yusuf",
];

const FAMILY: &[&str] = &[
    "Abbott", "Bishop", "Castillo", "Dubois", "Evans", "Fischer", "Garcia", "Hughes", "Ivanova", "Jensen", "Kim",
    "Lopez", "Meyer", "Nakamura", "Okafor", "Patel", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Vogel", "Weiss",
    "Zhang",
];

const WORK: &[&str] = &[
    "Kitchen",
    "Roof",
    "Garden",
    "Garage",
    "Phase",
    "Terrace",
    "Extension",
    "Office",
    "Lobby",
    "Fence",
    "Driveway",
    "Pool",
];

/// Behind some names: QuickBooks keeps 41 characters.
const LONG: &str = " of the Greater Monterey Bay Area and Environs";

fn pair(first: &[&str], second: &[&str], index: usize) -> String {
    format!("{} {}", first[index % first.len()], second[(index / first.len() + index) % second.len()])
}

pub(super) fn vendor(index: usize) -> String {
    let name = pair(PLACES, TRADES, index);
    if index % 40 == 17 { name + LONG } else { name }
}

/// A few customers are vendors as well, by name.
pub(super) fn customer(index: usize) -> String {
    if index % 50 == 7 { pair(PLACES, TRADES, index) } else { pair(GIVEN, FAMILY, index) }
}

pub(super) fn job(index: usize) -> String {
    format!("{} {}", WORK[index % WORK.len()], index / WORK.len() + 1)
}

pub(super) fn class(index: usize) -> String {
    format!("{} {}", ["Region", "Crew", "Line", "Branch"][index % 4], index / 4 + 1)
}

pub(super) fn item(index: usize) -> String {
    format!("{} {}", ["Hour", "Roll", "Crate", "Visit", "Load", "Set"][index % 6], index / 6 + 1)
}

/// An account beyond those that every firm has.
pub(super) fn account(index: usize) -> String {
    format!("{} {}", ["Project", "Site", "Equipment"][index % 3], index / 3 + 1)
}

/// The same name as somebody else would type it.
pub(super) fn other_spelling(name: &str) -> String {
    format!("{} ", name.to_uppercase().replace(' ', "  "))
}

pub(super) fn phone(number: usize) -> String {
    format!("555-{:04}", number % 10_000)
}
