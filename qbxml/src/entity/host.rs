//! Host: which QuickBooks is running, and which qbXML versions the open company file understands.

use crate::request::qb_request;
use crate::schema::qb_struct;
use crate::types::{QbFileMode, QbText};
use crate::version::QbXmlVersion;

qb_struct! {
    /// Asks for the program and the file's abilities (`HostQueryRq`).
    #[derive(Default)]
    pub struct HostQuery {
        include_list_meta_data: Option<IncludeListMetaData> = "IncludeListMetaData" since 6.0,
        include_ret_element: Vec<QbText<50>> = "IncludeRetElement" since 4.0,
    }
}

qb_request!(HostQuery, "HostQuery" => HostRet, since 1.0, direct);

qb_struct! {
    /// Asks for the capacities of the lists too.
    pub struct IncludeListMetaData {
        include_max_capacity: bool = "IncludeMaxCapacity",
    }
}

qb_struct! {
    /// The running program (`HostRet`).
    #[derive(Default)]
    pub struct HostRet {
        product_name: Option<String> = "ProductName" max 255,
        major_version: Option<String> = "MajorVersion" max 5,
        minor_version: Option<String> = "MinorVersion" max 5,
        country: Option<String> = "Country" max 2 since 3.0,
        /// One element for each version (observed); see [`HostRet::versions`].
        supported_qbxml_version: Vec<String> = "SupportedQBXMLVersion" max 10,
        is_automatic_login: Option<bool> = "IsAutomaticLogin" since 3.0,
        qb_file_mode: Option<QbFileMode> = "QBFileMode" since 3.0,
        list_meta_data: Option<ListMetaDataRet> = "ListMetaData" since 6.0,
    }
}

qb_struct! {
    /// The capacities of the lists (`ListMetaData`).
    #[derive(Default)]
    pub struct ListMetaDataRet {
        account_meta_data: Option<CapacityRet> = "AccountMetaData",
        billing_rate_meta_data: Option<CapacityRet> = "BillingRateMetaData",
        class_meta_data: Option<CapacityRet> = "ClassMetaData",
        customer_msg_meta_data: Option<CapacityRet> = "CustomerMsgMetaData",
        customer_type_meta_data: Option<CapacityRet> = "CustomerTypeMetaData",
        entity_meta_data: Option<CapacityRet> = "EntityMetaData",
        item_meta_data: Option<CapacityRet> = "ItemMetaData",
        job_type_meta_data: Option<CapacityRet> = "JobTypeMetaData",
        payment_method_meta_data: Option<CapacityRet> = "PaymentMethodMetaData",
        payroll_item_meta_data: Option<CapacityRet> = "PayrollItemMetaData",
        price_level_meta_data: Option<CapacityRet> = "PriceLevelMetaData",
        sales_rep_meta_data: Option<CapacityRet> = "SalesRepMetaData",
        sales_tax_code_meta_data: Option<CapacityRet> = "SalesTaxCodeMetaData",
        ship_method_meta_data: Option<CapacityRet> = "ShipMethodMetaData",
        template_meta_data: Option<CapacityRet> = "TemplateMetaData",
        terms_meta_data: Option<CapacityRet> = "TermsMetaData",
        to_do_meta_data: Option<CapacityRet> = "ToDoMetaData",
        vehicle_meta_data: Option<CapacityRet> = "VehicleMetaData",
        vendor_type_meta_data: Option<CapacityRet> = "VendorTypeMetaData",
    }
}

qb_struct! {
    /// How many objects a list can hold.
    #[derive(Default)]
    pub struct CapacityRet {
        max_capacity: Option<i64> = "MaxCapacity",
    }
}

impl HostRet {
    /// The versions the company file understands; texts that are no version are left out.
    #[must_use]
    pub fn versions(&self) -> Vec<QbXmlVersion> {
        self.supported_qbxml_version.iter().filter_map(|text| text.parse().ok()).collect()
    }
}
